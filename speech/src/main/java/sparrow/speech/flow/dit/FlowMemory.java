package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.layers.Probe;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;

/**
 * The memory of an utterance that arrives in chunks.
 *
 * @param encoder the encoder's part
 * @param steps the estimator's part, for each step of the solver
 */
record FlowMemory(UpsamplingEncoder.Memory encoder, List<OfStep> steps) {
    /**
     * One step of the solver.
     *
     * @param modulation of the estimator by its time; the same for all chunks
     * @param blocks the memory of each block
     */
    record OfStep(Modulation modulation, List<BlockMemory> blocks) {}

    /** Before the first chunk. */
    static FlowMemory start(UpsamplingEncoder encoder, DitEstimator estimator, List<FlowSchedule.Step> steps) {
        return new FlowMemory(
                encoder.start(),
                steps.stream()
                        .map(step -> new OfStep(
                                estimator.modulation(step.time(), Probe.NONE), estimator.start(step.sequences())))
                        .toList());
    }

    /**
     * Makes room for the keys and values of a voice, whose numbers are set by {@link #numbers}.
     *
     * @param codes of the voice
     * @param frames of the voice
     */
    void reserve(int codes, int frames) {
        encoder.reserve(codes, frames);
        for (OfStep step : steps) step.blocks().forEach(block -> block.reserve(frames));
    }

    /** All numbers, to be read or set; the modulation depends on the time alone, and is none of them. */
    List<Block> numbers() {
        return Stream.concat(
                        encoder.numbers(),
                        steps.stream().flatMap(step -> step.blocks().stream()).flatMap(BlockMemory::numbers))
                .toList();
    }

    /** Frames that the estimator attends to besides those of the next chunk. */
    int keptFrames() {
        return steps.getFirst().blocks().getFirst().keys().getFirst().frames();
    }

    /** Makes the estimator forget the frames between the first and the last ones, as they are stored. */
    void keep(int firstFrames, int lastFrames, ComputePool pool) {
        List<BlockMemory> blocks =
                steps.stream().flatMap(step -> step.blocks().stream()).toList();
        pool.forEach(blocks.size(), i -> blocks.get(i).keep(firstFrames, lastFrames));
    }

    /** Values that keys and values of so many frames take. */
    long values(int frames) {
        return (long) frames
                * steps.stream()
                        .flatMap(step -> step.blocks().stream())
                        .mapToInt(BlockMemory::width)
                        .sum();
    }

    /**
     * The same memory, for an utterance that goes on differently from here.
     *
     * @param array for keys and values, as long as {@link #values} says for the capacity. The garbage collector copies
     *     thousands of small arrays while they are filled, but not one of hundreds of megabytes
     * @param capacity frames; more than these are kept in arrays of their own
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
