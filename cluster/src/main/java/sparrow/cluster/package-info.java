/**
 * The {@link sparrow.study.run.WorkerPool} that runs studies on many machines with Apache Spark. {@link Cluster} is an
 * open connection to executors, configured by {@link ClusterSettings}. {@link SparkPool} assigns tasks to executors,
 * each as a separate Spark job, and returns the results. A task and its results are messages
 * ({@link sparrow.study.run.Messages}); the only object sent by Java serialisation is {@link ExecutorTask}.
 *
 * <p>Spark is on the class path only if it is requested ({@code --on}), and no other module depends on it. Only its
 * Java API is used.
 */
package sparrow.cluster;
