"""Runs the DMN Technology Compatibility Kit (https://dmn-tck.github.io/tck/, Apache-2.0)."""
