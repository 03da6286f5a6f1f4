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
 * The audio encoder of LFM2-Audio. It encodes an utterance to rows, 12.5 per second, which replace embeddings in the
 * prompt. Log-mel features go through NeMo's FastConformer with full attention, and an adapter projects them to the
 * width of the language model (official classes {@code ConformerEncoder} and {@code MLP}). Features are normalised over
 * the utterance, so no row is final before the end of the utterance.
 *
 * <p>Stateless; safe for several threads.
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
     * Loads and packs the tensors {@code conformer.…} and {@code audio_adapter.…} of a checkpoint of the language
     * model, which may be closed afterwards.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if the shape of a tensor does not agree with the configuration
     */
    public static FastConformer load(FastConformerConfig config, Checkpoint checkpoint, Kernels kernels) {
        return LayerReader.build(
                (arena, staging) -> new FastConformer(config, new LayerReader(checkpoint, kernels, arena, staging)));
    }

    /** Number of values of a row. */
    public int outputWidth() {
        return config.outputWidth();
    }

    /** Number of rows for the given number of samples at 16 kHz; at least one. */
    public static int positions(int samples) {
        return Subsampling.rows(UtteranceMel.frames(samples));
    }

    /**
     * Encodes an utterance at any sample rate.
     *
     * @return [positions, outputWidth]
     */
    public float[] encode(Waveform utterance) {
        return encode(mel(utterance), Probe.NONE);
    }

    /** Computes the features of an utterance at any sample rate, one row [melBins] for each frame. */
    public List<float[]> features(Waveform utterance) {
        return mel(utterance).copyRows();
    }

    private Block mel(Waveform utterance) {
        float[] samples = utterance.at(UtteranceMel.SAMPLE_RATE_HZ).samples();
        int frames = UtteranceMel.frames(samples.length);
        return Block.of(mel.features(samples, kernels.pool()), frames, config.melBins());
    }

    /**
     * Encodes features [frames, melBins].
     *
     * @param probe sees {@code pre_encode}, the modules of each block, the output of each block as {@code layers.N},
     *     and {@code out}
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
