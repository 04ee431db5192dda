from tests.web.fixtures import _renewed, client_of, site

__all__ = ["_renewed", "client_of", "site"]
