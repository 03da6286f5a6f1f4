package sparrow.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Checks the version of Spark on the class path. */
final class SparkVersion {
    private static final String RESOURCE = "spark-version-info.properties";

    private SparkVersion() {}

    /**
     * Rejects untested versions. Older versions fail on startup because their Hadoop requires a security manager, which
     * current JDKs no longer have.
     *
     * @throws IllegalArgumentException if Spark is missing or older than 4.2
     */
    static void check() throws IOException {
        try (InputStream in = SparkVersion.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "Apache Spark is not on the class path; ./sparrow puts it there for --on");
            }
            Properties facts = new Properties();
            facts.load(in);
            check(facts.getProperty("version", "unknown"));
        }
    }

    static void check(String version) {
        String[] numbers = version.split("[^0-9]+");
        boolean known = numbers.length >= 2 && !numbers[0].isEmpty();
        int major = known ? Integer.parseInt(numbers[0]) : 0;
        int minor = known ? Integer.parseInt(numbers[1]) : 0;
        if (major < 4 || major == 4 && minor < 2) {
            throw new IllegalArgumentException("Apache Spark: expected 4.2 or newer, found " + version);
        }
    }
}
