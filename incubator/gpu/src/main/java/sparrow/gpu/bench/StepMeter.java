package sparrow.gpu.bench;

import java.util.ArrayList;
import java.util.List;
import sparrow.bench.harness.FilledCache;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.device.DeviceUse;
import sparrow.gpu.stack.GpuStack;

/**
 * Runs and measures steps of different kinds. A step follows positions with placeholder content and includes all work
 * of a decoder, from a token's embedding to the choice of the next token. Afterwards, its positions are removed from
 * the cache. Not thread-safe.
 */
final class StepMeter {
    private final LanguageModel model;
    private final Transformer transformer;
    private final GpuStack stack;
    private final FilledCache filled;
    private final HeadKernel headKernel;

    /** States of positions, reused by each step. */
    private final List<HiddenState> states = new ArrayList<>();

    /**
     * The measurement of a step.
     *
     * @param nanos nanoseconds from the embedding to the choice of the token
     * @param use use of the device by the step
     */
    record Taken(long nanos, DeviceUse use) {}

    /**
     * Creates a meter for a model.
     *
     * @param model a model whose layers are on a device
     */
    StepMeter(LanguageModel model) {
        this.model = model;
        this.transformer = model.transformer();
        this.stack = (GpuStack) transformer.stack();
        this.filled = new FilledCache(transformer);
        this.headKernel = transformer.newHeadKernel();
    }

    /** Sets the number of positions that precede the next steps. */
    void resize(int positions) {
        filled.resize(positions);
    }

    /** Runs a position that exits after a layer, whose head chooses the token. */
    Taken early(int exitLayer) {
        return taken(List.of(), 1, exitLayer, model.heads().at(exitLayer));
    }

    /**
     * Runs a position through all layers. Pending positions, which exited after {@code exitLayer}, join it above that
     * layer.
     */
    Taken full(int exitLayer, int pending) {
        List<Position> waiting = new ArrayList<>();
        for (int p = 0; p < pending; p++) {
            waiting.add(next(p));
            transformer.forward(List.of(waiting.getLast()), exitLayer);
        }
        if (pending > 0) waiting.getLast().state().read();
        return taken(waiting, 1, model.layers(), model.heads().full());
    }

    /** Runs a prefill of the given number of positions, and chooses the token after the last position. */
    Taken prefill(int rows) {
        return taken(List.of(), rows, model.layers(), model.heads().full());
    }

    private Taken taken(List<Position> waiting, int rows, int layer, ExitHead head) {
        List<Position> positions = new ArrayList<>(waiting);
        DeviceUse before = stack.use();
        long start = System.nanoTime();
        for (int r = 0; r < rows; r++) positions.add(next(waiting.size() + r));
        transformer.forward(positions, layer);
        head.logits(headKernel, List.of(positions.getLast().state())).getFirst().best(Integer.MAX_VALUE);
        long nanos = System.nanoTime() - start;
        DeviceUse use = stack.use().since(before);
        filled.cut(filled.length());
        return new Taken(nanos, use);
    }

    /** Returns the position at the given offset from the end of the cache, before layer 1. */
    private Position next(int offset) {
        int index = filled.length() + offset;
        float[] embedding = filled.embedded(index);
        if (offset == states.size()) states.add(transformer.state(embedding));
        else states.get(offset).write(embedding, 0);
        return new Position(filled.cache(), index, states.get(offset));
    }
}
