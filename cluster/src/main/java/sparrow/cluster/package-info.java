/**
 * The laboratory's work on many machines, by Apache Spark. {@link Cluster} is an open connection to executors, made as
 * {@link ClusterSettings} say; {@link SparkJobs} gives them tasks, each a Spark job of its own, and hands on what comes
 * back. A task is bytes, its result is bytes, and a {@link TaskFunction} makes one of the other: no object of ours goes
 * through Java serialisation but that function.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.open(settings, listener)) {
 *     new SparkJobs(cluster).each(function, tasks, outcome -> keep(outcome));
 * }
 * }</pre>
 *
 * <p>Spark is on the class path where it is asked for ({@code --on}), and nowhere else; no other module knows it. Its
 * Java API is used, and no Scala code is written.
 */
package sparrow.cluster;
