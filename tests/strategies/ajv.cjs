// Reads {schemas: [...], documents: [{NAME: value}, ...]} and writes a verdict for each document.
"use strict";

const { readFileSync } = require("node:fs");
const Ajv = require("ajv/dist/2020");

const { schemas, documents } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ formats: { "date-time": true, int32: true, int64: true } });
ajv.addSchema(schemas);
const verdicts = documents.flatMap((document) =>
  Object.entries(document).map(([name, value]) => ajv.validate(`urn:appcode-contract:${name}`, value)),
);
process.stdout.write(JSON.stringify(verdicts));
