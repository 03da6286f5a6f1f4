package sparrow.bench.jmh;

import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * The minimum work of a benchmark call.
 *
 * @param operations number of additions and multiplications
 * @param bytes size of the weights, or of the keys and values, each read once
 */
record Work(double operations, double bytes) {
    /** Returns the work of a benchmark with the given parameters. */
    static Work of(BenchmarkParams params) {
        int rows = Integer.parseInt(params.getParam("rows"));
        if (params.getBenchmark().startsWith(AttentionBenchmark.class.getName())) {
            return AttentionSize.of(params.getParam("model"))
                    .work(Integer.parseInt(params.getParam("positions")), rows);
        }
        return LinearSize.of(params.getParam("from"), WeightFormat.of(params.getParam("weights")))
                .work(rows);
    }
}
