"""Pages by area: each package here has a `views` module that registers its pages; adding the package is all it takes."""
