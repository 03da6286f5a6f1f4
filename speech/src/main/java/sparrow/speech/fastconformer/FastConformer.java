package sparrow.speech.fastconformer;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.RelativeAttention;
import sparrow.speech.layers.Workspace;
import sparrow.speech.spectrum.UtteranceMel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The ear of LFM2-Audio: an utterance to rows that stand in the prompt in place of embeddings, 12.5 a second. Log-mel features
 * go through NeMo's FastConformer, whose frames all see each other, and an adapter brings them to the width of the language
 * model (official classes {@code ConformerEncoder} and {@code MLP}). Features are normalised over the utterance, so that no row
 * is final before its end.
 *
 * <p>Encoding keeps no state between calls, and any number of threads may encode at the same time.
 */
public final class FastConformer implements AutoCloseable {
    private static final String ENCODER = "conformer.";
    private static final String ADAPTER = "audio_adapter.model.";

    private final FastConformerConfig config;
    private final Arena arena;
    private final Kernels kernels;
    private final UtteranceMel mel;
    private final Subsampling subsampling;
    private final List<ConformerBlock> blocks;
    private final Norm adapterNorm;
    private final Linear adapt;
    private final Linear out;

    private FastConformer(FastConformerConfig config, LayerReader reader) {
        this.config = config;
        arena = reader.arena();
        kernels = reader.kernels();
        int width = config.width();
        subsampling = new Subsampling(reader, ENCODER + "pre_encode.", config);
        blocks = IntStream.range(0, config.layers())
                .mapToObj(i -> new ConformerBlock(reader, ENCODER + "layers." + i + ".", config))
                .toList();
        adapterNorm = reader.norm(ADAPTER + "0", width);
        adapt = reader.linear(ADAPTER + "1", config.outputWidth(), width);
        out = reader.linear(ADAPTER + "3", config.outputWidth(), config.outputWidth());
        mel = new UtteranceMel(config.melBins());
    }

    /**
     * Loads and packs the tensors {@code conformer.…} and {@code audio_adapter.…}, which lie among those of the language model;
     * the checkpoint may be closed afterwards.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.weights.BadFileException if a tensor's shape is not the one that the config says
     */
    public static FastConformer load(FastConformerConfig config, Checkpoint checkpoint, Kernels kernels) {
        return LayerReader.build(
                (arena, staging) -> new FastConformer(config, new LayerReader(checkpoint, kernels, arena, staging)));
    }

    /** Values of a row. */
    public int outputWidth() {
        return config.outputWidth();
    }

    /** Rows of so many samples at 16 kHz; one at least. */
    public static int positions(int samples) {
        return Subsampling.rows(UtteranceMel.frames(samples));
    }

    /**
     * The rows of an utterance of any rate.
     *
     * @return [positions, outputWidth]
     */
    public float[] encode(Waveform utterance) {
        return encode(mel(utterance), Probe.NONE);
    }

    /** The features of an utterance of any rate, for each frame [melBins]. */
    public List<float[]> features(Waveform utterance) {
        return mel(utterance).copyRows();
    }

    private Block mel(Waveform utterance) {
        float[] samples = utterance.at(UtteranceMel.SAMPLE_RATE_HZ).samples();
        int frames = UtteranceMel.frames(samples.length);
        return Block.of(mel.features(samples, kernels.pool()), frames, config.melBins());
    }

    /**
     * The rows of features [frames, melBins].
     *
     * @param probe sees {@code pre_encode}, the modules of each block, each block's result as {@code layers.N}, and {@code out}
     */
    float[] encode(Block features, Probe probe) {
        Block x = subsampling.of(features, probe);
        probe.see("pre_encode", x);
        Block positions = RelativeAttention.positions(x.rows(), x.rows(), config.width(), ConformerBlock.MASK);
        probe.see("pos_emb", positions);
        Workspace workspace = new Workspace();
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).run(x, positions, workspace, probe);
            probe.see(ENCODER + "layers." + i, x);
        }
        probe.see("out", x);
        Block inner = adapt.of(adapterNorm.layers(x));
        kernels.apply(Activation.GELU, inner);
        return out.of(inner).data();
    }

    /** Frees the weights. */
    @Override
    public void close() {
        arena.close();
    }
}
