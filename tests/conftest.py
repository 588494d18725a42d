"""What all tests share; the heavier parts stand in tests/plugins/."""

pytest_plugins = [
    "tests.plugins.files",
    "tests.plugins.database",
    "tests.plugins.machine",
    "tests.plugins.html",
    "tests.plugins.site",
    "tests.plugins.world",
]
