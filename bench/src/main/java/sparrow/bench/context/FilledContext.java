package sparrow.bench.context;

import java.util.List;
import sparrow.bench.harness.FilledCache;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.KvFormat;

/** A full cache in one format, and the step behind it. */
final class FilledContext {
    private final Transformer transformer;
    private final ExitHead head;
    private final HeadKernel headKernel;
    private final FilledCache filled;

    /**
     * Times of a step.
     *
     * @param layersNanos through all layers
     * @param nanos with its logits
     */
    record Step(long layersNanos, long nanos) {}

    FilledContext(LanguageModel model, KvFormat format) {
        transformer = model.transformer().withKvFormat(format);
        head = model.heads().full();
        headKernel = transformer.newHeadKernel();
        filled = new FilledCache(transformer);
    }

    /** Fills or cuts the cache to so many positions; stops early when its thread is interrupted. */
    void resize(int positions) {
        filled.resize(positions);
    }

    /** A token behind the positions, which is forgotten again. */
    Step step() {
        int length = filled.length();
        long start = System.nanoTime();
        Position position = new Position(filled.cache(), length, transformer.state(filled.embedded(length)));
        transformer.forward(List.of(position), transformer.config().layers());
        long layers = System.nanoTime();
        head.logits(headKernel, List.of(position.state()));
        long end = System.nanoTime();
        filled.cut(length);
        return new Step(layers - start, end - start);
    }

    /** Bytes of keys and values that a step reads. */
    long bytesRead() {
        return (filled.length() + 1) * transformer.kvBytesPerPosition();
    }
}
