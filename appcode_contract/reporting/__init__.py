"""From results to what people and programs read: one ``Report`` value, several forms."""
