"""The libraries of the system that print text, and the command that brings them."""

# Under these names every Linux has the libraries; asking the system for each wrong name
# that WeasyPrint tries first starts dozens of processes and takes half of its import.
SONAMES = {
    "gobject-2.0": "libgobject-2.0.so.0",
    "pango-1.0": "libpango-1.0.so.0",
    "harfbuzz": "libharfbuzz.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
    "fontconfig": "libfontconfig.so.1",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
}


def pango_command() -> str:
    """Return the command that brings Pango to this system."""
    import platform  # noqa: PLC0415 - only needed when something is missing

    if platform.system() == "Darwin":
        return "brew install pango"
    if platform.system() == "Windows":
        return "pacman -S mingw-w64-ucrt-x86_64-pango (in the MSYS2 shell)"
    family = system_family()
    if "fedora" in family or "rhel" in family:
        return "sudo dnf install pango harfbuzz"
    if "alpine" in family:
        return "sudo apk add pango harfbuzz-subset"
    return "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def system_family() -> list[str]:
    """Return this Linux's name and the names of those it is like; elsewhere nothing."""
    import platform  # noqa: PLC0415 - only needed when something is missing

    try:
        family = platform.freedesktop_os_release()
    except OSError:
        return []
    return f"{family.get('ID', '')} {family.get('ID_LIKE', '')}".split()
