// The question that is put to a Python: which version, where, and with which packages. Python text, for `-I -c`, so no workspace
// code, no PYTHON* variables; the first line runs in every Python 3, the packages are asked only where Fitlens can use it.

/** Prints one line of JSON. Metadata tells the version, a spec whether the package's files are there; nothing is imported. */
export const PROBE = `
import json, os, site, sys
answer = {"version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.prefix, "packages": {}, "tensorflowFolder": None, "places": []}
if sys.version_info >= (3, 8):
    import importlib.machinery
    import importlib.metadata
    places = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    # -I leaves out what was installed with --user, which the user's own start of the script finds.
    isolated = sys.prefix != sys.base_prefix and not any(p.startswith(sys.base_prefix + os.sep) for p in places)
    own = site.getusersitepackages()
    if not isolated and os.path.isdir(own) and own not in places:
        places.append(own)
    answer["places"] = places
    versions = {}
    for place in reversed(places):
        for found in importlib.metadata.distributions(path=[place]):
            name = found.metadata["Name"]
            if name:
                versions[name.lower().replace("_", "-")] = found.version
    # Of several distributions of TensorFlow the more special one: the plain name may only stand for it.
    tensorflow = ["tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "intel-tensorflow", "tensorflow-macos",
                  "tensorflow-cpu-aws", "tf-nightly", "tf-nightly-cpu", "tensorflow"]
    wanted = {"tensorflow": ("tensorflow", tensorflow), "keras": ("keras", ["keras", "keras-nightly"]),
              "tf_keras": ("tf_keras", ["tf-keras", "tf-keras-nightly"]), "jax": ("jax", ["jax"]), "torch": ("torch", ["torch"]),
              "tensorflow-estimator": ("tensorflow_estimator", ["tensorflow-estimator", "tf-estimator-nightly"]),
              "debugpy": ("debugpy", ["debugpy"]), "ipykernel": ("ipykernel", ["ipykernel"])}
    for package, (module, names) in wanted.items():
        spec = importlib.machinery.PathFinder.find_spec(module, places)
        version = next((versions[name] for name in names if name in versions), None)
        # A folder without __init__.py is what an uninstallation left.
        if spec is None or spec.origin is None:
            continue
        answer["packages"][package] = version or "of unknown version"
        if package == "tensorflow":
            answer["tensorflowFolder"] = os.path.dirname(spec.origin)
print(json.dumps(answer))
`;
