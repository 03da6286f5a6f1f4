package sparrow.cluster;

/** Keeps Spark's log off the terminal, where a progress bar is. */
final class SparkLog {
    private SparkLog() {}

    /**
     * Before Spark's first class is loaded. Who set these properties himself is left with them; Spark's level is its
     * setting {@code spark.log.level}.
     */
    static void quiet() {
        setIfMissing("log4j2.configurationFile", "classpath:sparrow/cluster/log4j2.properties");
        setIfMissing("log4j2.disable.jmx", "true");
        // Spark's libraries and our own bring one each, about which SLF4J would print a warning.
        setIfMissing("slf4j.provider", "org.apache.logging.slf4j.SLF4JServiceProvider");
        setIfMissing("slf4j.internal.verbosity", "WARN");
    }

    private static void setIfMissing(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
