"""The contract for other tools: an OpenAPI document, and schemas that stand alone.

Both are made of schemas/ and of the clauses whenever they are asked for; nothing is written down a second time. This
package knows neither the fake nor the checks.
"""

from appcode_contract.openapi.document import OpenApiVersion, openapi_document
from appcode_contract.openapi.export import all_schemas, export_schemas, schema_text
from appcode_contract.openapi.texts import to_json, to_yaml

__all__ = ["OpenApiVersion", "all_schemas", "export_schemas", "openapi_document", "schema_text", "to_json", "to_yaml"]
