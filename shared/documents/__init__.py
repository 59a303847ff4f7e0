"""The JSON documents of the HTTP API, as types; nothing here runs. The OpenAPI document is made from them."""
