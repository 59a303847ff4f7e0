"""A local Azure Functions host for apps written in the Python v2 programming model.

Functions and bindings are read from the app's own ``azure-functions`` library, and every input and output passes
through that library's converters, as in Microsoft's worker. The app sees no difference from the real host.
"""
