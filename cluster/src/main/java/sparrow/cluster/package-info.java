/**
 * The second implementation of {@link sparrow.study.run.WorkerPool}: the jobs of the laboratory on many machines, by Apache
 * Spark. {@link Cluster} is an open connection to executors, made by {@link ClusterSettings}. {@link SparkPool} gives them
 * tasks, each a Spark job of its own, and hands on the results. A task and its results are messages
 * ({@link sparrow.study.run.Messages}): no object of ours goes through Java serialization but {@link ExecutorTask}.
 *
 * <p>Spark is on the class path where it is asked for ({@code --on}), and nowhere else; no other module knows it. Its Java
 * API is used, and no Scala code is written.
 */
package sparrow.cluster;
