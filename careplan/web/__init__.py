"""The preview in the browser: on this computer only, for one reader."""
