package sparrow.engine.decode;

import sparrow.engine.exit.Logits;
import sparrow.engine.exit.Tolerance;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Transformer;

/** Whether a draft is near enough to what full depth would have chosen ({@link Tolerance}). */
final class Nearness {
    private final Transformer transformer;
    private final TokenSpace tokens;

    /** Mean of the codes' embeddings, [width]; null until it is asked for. */
    private double[] mean;

    Nearness(LanguageModel model) {
        this.transformer = model.transformer();
        this.tokens = model.tokens();
    }

    /**
     * @param logits of the final head
     * @param draft what came early
     * @param chosen what the final head chose
     */
    boolean isNear(Tolerance tolerance, Logits logits, int draft, int chosen) {
        return switch (tolerance) {
            case Tolerance.Top(int count) -> {
                var rank = logits.rank(draft, tokens.usable());
                yield rank.isPresent() && rank.getAsInt() < count;
            }
            case Tolerance.Ratio(double share) -> logits.natsBelowBest(draft, tokens.usable()) <= -Math.log(share);
            case Tolerance.Near(double cosine) -> cosine(draft, chosen) >= cosine;
        };
    }

    /** Of the embeddings of two codes, less the mean of all; -1 where one of them is no code. */
    private double cosine(int a, int b) {
        if (tokens.code(a).isEmpty() || tokens.code(b).isEmpty()) return -1;
        float[] x = transformer.embed(a);
        float[] y = transformer.embed(b);
        double[] centre = mean();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < centre.length; i++) {
            double u = x[i] - centre[i];
            double v = y[i] - centre[i];
            xy += u * v;
            xx += u * u;
            yy += v * v;
        }
        return xy / Math.sqrt(xx * yy);
    }

    private double[] mean() {
        if (mean == null) {
            double[] sum = new double[transformer.config().width()];
            float[] row = new float[sum.length];
            for (int code = 0; code < tokens.codes(); code++) {
                transformer.embed(tokens.speechOffset() + code, row);
                for (int i = 0; i < sum.length; i++) sum[i] += row[i];
            }
            for (int i = 0; i < sum.length; i++) sum[i] /= tokens.codes();
            mean = sum;
        }
        return mean;
    }
}
