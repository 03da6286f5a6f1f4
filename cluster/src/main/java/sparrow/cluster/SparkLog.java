package sparrow.cluster;

/** Keeps Spark's log off the terminal, where a progress bar is. */
final class SparkLog {
    private SparkLog() {}

    /**
     * Sets the properties of loggers, before Spark's first class is loaded. Properties that are set stay; Spark's level is
     * its setting {@code spark.log.level}.
     */
    static void quiet() {
        setIfMissing("log4j2.configurationFile", "classpath:sparrow/cluster/log4j2.properties");
        setIfMissing("log4j2.disable.jmx", "true");
        // Spark's libraries and our own bring one each. With ours no context opens: Spark hands the JDK's log to SLF4J,
        // which would hand it back. The launcher sets it too, because a logger may have been asked for before this.
        setIfMissing("slf4j.provider", "org.apache.logging.slf4j.SLF4JServiceProvider");
        setIfMissing("slf4j.internal.verbosity", "WARN");
    }

    private static void setIfMissing(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
