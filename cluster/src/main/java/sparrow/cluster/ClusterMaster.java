package sparrow.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Spark master that provides executors. */
public sealed interface ClusterMaster {
    /** This process, which runs one task at a time. Used to try a cluster run on one machine. */
    record Local() implements ClusterMaster {
        @Override
        public String toString() {
            return "local";
        }
    }

    /** The master of a standalone Spark cluster. */
    record Standalone(String host, int port) implements ClusterMaster {
        private static final Pattern ADDRESS = Pattern.compile("spark://([^:/,\\s]+|\\[[0-9a-fA-F:]+]):([0-9]{1,5})");

        @Override
        public String toString() {
            return "spark://" + host + ":" + port;
        }
    }

    /** The master given to {@code spark-submit}, together with its other settings. */
    record Submitted() implements ClusterMaster {
        @Override
        public String toString() {
            return "submit";
        }
    }

    /**
     * Reads {@code local}, {@code spark://host:port} or {@code submit}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    static ClusterMaster parse(String text) {
        if (text.equals("local")) return new Local();
        if (text.equals("submit")) return new Submitted();
        if (text.matches("(yarn|k8s:.*)")) {
            throw new IllegalArgumentException("a cluster on " + text.replaceFirst(":.*", "")
                    + " is reached by spark-submit --master " + text + " and --on submit");
        }
        Matcher standalone = Standalone.ADDRESS.matcher(text);
        if (!standalone.matches() || Integer.parseInt(standalone.group(2)) > 65535) {
            throw new IllegalArgumentException("expected local, spark://HOST:PORT or submit, got \"" + text + "\"");
        }
        return new Standalone(standalone.group(1), Integer.parseInt(standalone.group(2)));
    }
}
