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
 * Takes steps of one kind or another behind throwaway positions, each from the token's embedding to the choice among its head's
 * scores, as a decoder does. The positions that a step appends are dropped again. For one thread at a time.
 */
final class StepMeter {
    private final LanguageModel model;
    private final Transformer transformer;
    private final GpuStack stack;
    private final FilledCache filled;
    private final HeadKernel headKernel;

    /** States of positions, used again by the next. */
    private final List<HiddenState> states = new ArrayList<>();

    /**
     * A step that was taken.
     *
     * @param nanos from the embedding to the choice
     * @param use of the device for it
     */
    record Taken(long nanos, DeviceUse use) {}

    /** @param model whose layers are on a device */
    StepMeter(LanguageModel model) {
        this.model = model;
        this.transformer = model.transformer();
        this.stack = (GpuStack) transformer.stack();
        this.filled = new FilledCache(transformer);
        this.headKernel = transformer.newHeadKernel();
    }

    /** Sets the number of positions behind which the next steps are taken. */
    void resize(int positions) {
        filled.resize(positions);
    }

    /** A position that leaves after a layer, whose head decides. */
    Taken early(int exitLayer) {
        return taken(List.of(), 1, exitLayer, model.heads().at(exitLayer));
    }

    /** A position through all layers, and some that had left before it after a layer, which join it there. */
    Taken full(int exitLayer, int pending) {
        List<Position> waiting = new ArrayList<>();
        for (int p = 0; p < pending; p++) {
            waiting.add(next(p));
            transformer.forward(List.of(waiting.getLast()), exitLayer);
        }
        if (pending > 0) waiting.getLast().state().read();
        return taken(waiting, 1, model.layers(), model.heads().full());
    }

    /** So many positions at once, and the choice behind the last of them. */
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

    /** The position that comes so many behind the filled ones, before layer 1. */
    private Position next(int behind) {
        int index = filled.length() + behind;
        float[] embedding = filled.embedded(index);
        if (behind == states.size()) states.add(transformer.state(embedding));
        else states.get(behind).write(embedding, 0);
        return new Position(filled.cache(), index, states.get(behind));
    }
}
