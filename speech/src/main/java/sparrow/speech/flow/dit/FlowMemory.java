package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.layers.Probe;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;

/**
 * Memory of an utterance whose codes arrive in chunks.
 *
 * @param encoder memory of the encoder
 * @param steps memory of the estimator, for each step of the solver
 */
record FlowMemory(UpsamplingEncoder.Memory encoder, List<OfStep> steps) {
    /**
     * Memory for one step of the solver.
     *
     * @param modulation modulation of the estimator by the flow time, used for all chunks
     * @param blocks memory of each block
     */
    record OfStep(Modulation modulation, List<BlockMemory> blocks) {}

    /** Creates the memory before the first chunk. */
    static FlowMemory start(UpsamplingEncoder encoder, DitEstimator estimator, List<FlowSchedule.Step> steps) {
        return new FlowMemory(
                encoder.start(),
                steps.stream()
                        .map(step -> new OfStep(
                                estimator.modulation(step.time(), Probe.NONE), estimator.start(step.sequences())))
                        .toList());
    }

    /**
     * Allocates keys and values for a voice; the caller then fills the {@link #numbers}.
     *
     * @param codes number of codes of the voice
     * @param frames number of frames of the voice
     */
    void reserve(int codes, int frames) {
        encoder.reserve(codes, frames);
        for (OfStep step : steps) step.blocks().forEach(block -> block.reserve(frames));
    }

    /**
     * Returns all arrays of the memory, for reading or writing, except the modulation, which depends only on the time.
     */
    List<Block> numbers() {
        return Stream.concat(
                        encoder.numbers(),
                        steps.stream().flatMap(step -> step.blocks().stream()).flatMap(BlockMemory::numbers))
                .toList();
    }

    /** Returns the number of earlier frames that the estimator attends to. */
    int cachedFrames() {
        return steps.getFirst().blocks().getFirst().keys().getFirst().frames();
    }

    /** Removes the estimator's frames except the given numbers of first and last stored frames. */
    void retain(int firstFrames, int lastFrames, ComputePool pool) {
        List<BlockMemory> blocks =
                steps.stream().flatMap(step -> step.blocks().stream()).toList();
        pool.forEach(blocks.size(), i -> blocks.get(i).retain(firstFrames, lastFrames));
    }

    /** Returns the array length required for the keys and values of a number of frames. */
    long values(int frames) {
        return (long) frames
                * steps.stream()
                        .flatMap(step -> step.blocks().stream())
                        .mapToInt(BlockMemory::width)
                        .sum();
    }

    /**
     * Returns an independent copy.
     *
     * @param array array that receives keys and values, of length {@link #values}(capacity); a single array of hundreds
     *     of megabytes is used because the garbage collector would copy thousands of small arrays
     * @param capacity number of frames to reserve; if more are added, the keys and values are moved to separate arrays
     */
    FlowMemory fork(float[] array, int capacity) {
        List<OfStep> copies = new ArrayList<>();
        int at = 0;
        for (OfStep step : steps) {
            List<BlockMemory> blocks = new ArrayList<>();
            for (BlockMemory block : step.blocks()) {
                blocks.add(block.fork(array, at, capacity));
                at += capacity * block.width();
            }
            copies.add(new OfStep(step.modulation(), List.copyOf(blocks)));
        }
        return new FlowMemory(encoder.fork(), List.copyOf(copies));
    }
}
