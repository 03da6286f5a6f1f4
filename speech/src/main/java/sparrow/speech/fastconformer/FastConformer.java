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
import sparrow.speech.layers.Subsampling;
import sparrow.speech.layers.Workspace;
import sparrow.speech.spectrum.UtteranceMel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The audio encoder of LFM2-Audio. It encodes an utterance to 12.5 rows per second, which replace embeddings in the
 * prompt. NeMo's FastConformer with full attention processes log-mel features, and an adapter projects its output to
 * the width of the language model (official classes {@code ConformerEncoder} and {@code MLP}). Features are normalised
 * over the entire utterance, so no row is final before the end of the utterance.
 *
 * <p>Instances are stateless and safe for use by multiple threads.
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
        subsampling = new Subsampling(
                reader,
                ENCODER + "pre_encode.",
                config.melBins(),
                config.channels(),
                width,
                Activation.RELU,
                Subsampling.Axes.TIME_FIRST);
        blocks = IntStream.range(0, config.layers())
                .mapToObj(i -> new ConformerBlock(reader, ENCODER + "layers." + i + ".", config))
                .toList();
        adapterNorm = reader.norm(ADAPTER + "0", width);
        adapt = reader.linear(ADAPTER + "1", config.outputWidth(), width);
        out = reader.linear(ADAPTER + "3", config.outputWidth(), config.outputWidth());
        mel = new UtteranceMel(config.melBins());
    }

    /**
     * Loads and packs the tensors {@code conformer.…} and {@code audio_adapter.…} from a language model checkpoint. The
     * checkpoint may be closed afterwards.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public static FastConformer load(FastConformerConfig config, Checkpoint checkpoint, Kernels kernels) {
        return LayerReader.build(
                (arena, staging) -> new FastConformer(config, new LayerReader(checkpoint, kernels, arena, staging)));
    }

    /** Returns the number of values per row. */
    public int outputWidth() {
        return config.outputWidth();
    }

    /** Returns the number of rows for the given number of samples at 16 kHz, at least 1. */
    public static int positions(int samples) {
        return Subsampling.rows(UtteranceMel.frames(samples));
    }

    /**
     * Encodes an utterance at any sample rate.
     *
     * @return encoded rows, [positions, outputWidth]
     */
    public float[] encode(Waveform utterance) {
        return encode(mel(utterance), Probe.NONE);
    }

    /** Computes the features of an utterance at any sample rate, one row [melBins] per frame. */
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
     * @param probe probe that receives {@code pre_encode}, the modules of each block, the output of each block as
     *     {@code layers.N}, and {@code out}
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

    /** Frees the memory of the weights. The encoder must not be used afterwards. */
    @Override
    public void close() {
        arena.close();
    }
}
