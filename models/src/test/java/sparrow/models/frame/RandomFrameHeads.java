package sparrow.models.frame;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Weight;

/** Units with random exit heads, and what is compared with their replies. */
public final class RandomFrameHeads {
    private RandomFrameHeads() {}

    /** Adds a head of text and one of frames after every layer, with and without the final norm. */
    public static FrameUnits addedTo(FrameUnits units, SplittableRandom random) {
        Transformer transformer = units.transformer();
        int width = transformer.config().width();
        int rows = units.depth().codebooks() * units.depth().width();
        List<ExitHead> heads = new ArrayList<>();
        SortedMap<Integer, FrontHead> fronts = new TreeMap<>(units.fronts());
        float epsilon = transformer.config().normEpsilon();
        for (int layer = 1; layer < transformer.config().layers(); layer++) {
            float[] norm = random.nextBoolean() ? transformer.finalNorm() : null;
            Weight text = weight(transformer, random, transformer.config().vocabulary(), width);
            heads.add(new ExitHead(layer, text, null, norm, epsilon));
            Weight front = weight(transformer, random, rows, width);
            fronts.put(layer, new FrontHead(front, numbers(random, rows, 0.1), norm, epsilon));
        }
        return new FrameUnits(
                transformer,
                ExitHeads.of(transformer, heads),
                fronts,
                units.depth(),
                units.embedding(),
                units.tokens(),
                units.placeholder(),
                units.pattern());
    }

    private static Weight weight(Transformer transformer, SplittableRandom random, int rows, int columns) {
        float[] values = numbers(random, rows * columns, 2 / Math.sqrt(columns));
        return transformer.kernels().view(Matrix.copyOf(values, rows, columns, Arena.ofAuto()));
    }

    private static float[] numbers(SplittableRandom random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() * scale);
        return values;
    }

    /** Returns random exits for text and for speech. */
    public static ExitPlan plan(SplittableRandom random, int layers) {
        return new ExitPlan(policy(random, layers), policy(random, layers));
    }

    private static ExitPolicy policy(SplittableRandom random, int layers) {
        int layer = random.nextInt(1, layers);
        return switch (random.nextInt(3)) {
            case 0 -> new ExitPolicy.Fixed(layer);
            case 1 -> (ExitPolicy) DepthPolicy.parse("conf:" + layer + ":5.5");
            default -> new ExitPolicy.Periodic("FEE", layer);
        };
    }

    /**
     * Returns the states of all positions, [layers + 1][positions], by one pass at full depth.
     *
     * @param prompt the prompt's positions, none of which has run
     */
    public static List<List<float[]>> fullPass(FrameUnits units, Sequence prompt, List<Unit> reply) {
        for (Unit unit : reply) prompt.append(units.input(unit));
        List<Position> positions = prompt.pendingBelow(1);
        List<List<float[]>> states = new ArrayList<>();
        for (int layer = 0; layer <= units.transformer().config().layers(); layer++) {
            if (layer > 0) units.transformer().forward(positions, layer);
            states.add(
                    positions.stream().map(position -> position.state().read()).toList());
        }
        return states;
    }
}
