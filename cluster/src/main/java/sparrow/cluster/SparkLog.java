package sparrow.cluster;

/** Keeps Spark's log off the terminal, which shows a progress bar. */
final class SparkLog {
    private SparkLog() {}

    /**
     * Sets logging properties; must be called before the first Spark class is loaded. Properties that are already set
     * are not changed. Spark's log level is its setting {@code spark.log.level}.
     */
    static void quiet() {
        setIfMissing("log4j2.configurationFile", "classpath:sparrow/cluster/log4j2.properties");
        setIfMissing("log4j2.disable.jmx", "true");
        // Spark and Sparrow each have an SLF4J provider on the class path. With Sparrow's provider, no context would
        // open: Spark forwards the JDK's log to SLF4J, which would forward it back. The launcher sets the property,
        // too, because a logger may be created before this call.
        setIfMissing("slf4j.provider", "org.apache.logging.slf4j.SLF4JServiceProvider");
        setIfMissing("slf4j.internal.verbosity", "WARN");
    }

    private static void setIfMissing(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
