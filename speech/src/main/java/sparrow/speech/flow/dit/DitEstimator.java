package sparrow.speech.flow.dit;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import sparrow.speech.flow.TimeEmbedding;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The velocity estimator of the flow, a diffusion transformer (DiT). All sequences in a batch have the same length and
 * time, so they share the {@link Modulation}, and no mask is needed.
 */
final class DitEstimator {
    private static final String NAME = "decoder.estimator";

    /** Number of inputs per frame: x, mu, speaker and given frame. */
    private static final int INPUTS = 4;

    private static final int TIME_SINUSOIDS = 256;

    private final Kernels kernels;
    private final TimeEmbedding time;
    private final Linear in;
    private final List<DitBlock> blocks;
    private final Linear lastTime;
    private final Linear out;

    DitEstimator(LayerReader reader, DitFlowConfig flow) {
        DitFlowConfig.Estimator config = flow.estimator();
        int width = config.width();
        this.kernels = reader.kernels();
        this.time = new TimeEmbedding(
                TimeEmbedding.Sinusoids.COSINES_FIRST,
                reader.linear(NAME + ".t_embedder.mlp.0", width, TIME_SINUSOIDS),
                reader.linear(NAME + ".t_embedder.mlp.2", width, width));
        this.in = reader.linear(NAME + ".in_proj", width, INPUTS * flow.melBins());
        this.blocks = IntStream.range(0, config.depth())
                .mapToObj(i -> new DitBlock(reader, NAME + ".blocks." + i, config))
                .toList();
        this.lastTime = reader.linear(NAME + ".final_layer.adaLN_modulation.1", 2 * width, width);
        this.out = reader.linear(NAME + ".final_layer.linear", flow.melBins(), width);
    }

    /** Computes the modulation, which depends only on the time. */
    Modulation modulation(float t, Probe probe) {
        Block embedded = time.of(t, probe);
        probe.see("t_embedder", embedded);
        kernels.apply(Activation.SILU, embedded);
        List<Modulation.OfBlock> ofBlocks =
                blocks.stream().map(block -> block.modulation(embedded)).toList();
        return new Modulation(
                ofBlocks, Modulation.norm(kernels, lastTime.of(embedded).data()));
    }

    /** Creates the memory of each block before the first chunk, for a number of sequences. */
    List<BlockMemory> start(int sequences) {
        return blocks.stream().map(block -> block.start(sequences)).toList();
    }

    /**
     * Estimates the velocity of complete sequences without storing memory.
     *
     * @param input input as in {@link #velocity(Batch, Modulation, List, Workspace, Probe)}
     */
    Batch velocity(Batch input, Modulation modulation, Workspace workspace, Probe probe) {
        return velocity(input, modulation, i -> blocks.get(i).start(input.sequences()), workspace, probe);
    }

    /**
     * Estimates the velocity of the next chunk.
     *
     * @param input x, mu, speaker and given frame, [sequences, frames, 4 * melBins]
     * @param memory memory of each block, from {@link #start} and earlier chunks
     * @param workspace scratch memory
     * @return velocity, [sequences, frames, melBins]
     */
    Batch velocity(Batch input, Modulation modulation, List<BlockMemory> memory, Workspace workspace, Probe probe) {
        return velocity(input, modulation, memory::get, workspace, probe);
    }

    private Batch velocity(
            Batch input, Modulation modulation, IntFunction<BlockMemory> memory, Workspace workspace, Probe probe) {
        Block h = in.of(input.all(), workspace);
        Batch x = new Batch(h.data(), input.sequences(), input.frames(), h.columns());
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).run(x, modulation.blocks().get(i), memory.apply(i), workspace);
            probe.see("blocks." + i, x.sequence(0));
        }
        Block normed = modulation.last().layers(h, workspace);
        Block y = out.of(normed);
        workspace.release(normed);
        workspace.release(h);
        return new Batch(y.data(), input.sequences(), input.frames(), y.columns());
    }
}
