package sparrow.speech.encode;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.weights.Checkpoint;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.wave.Waveform;

/**
 * GLM-4-Voice's speech tokenizer: sound to codes of a codebook, 12.5 a second. Log-mel features go through two causal
 * convolutions and some Whisper encoder layers with block-causal attention; means of consecutive frames are replaced by
 * the nearest vector of the codebook. Sound is cut into pieces of 30 s that know nothing of each other.
 *
 * <p>Encoding keeps no state between calls, and any number of threads may encode at the same time.
 */
public final class WhisperVq implements AutoCloseable {
    /** Encoder frames of a whole piece: 30 s at 50 Hz. */
    static final int PIECE_FRAMES = 1500;

    private static final int SAMPLES_PER_FRAME = ConvStem.STRIDE * LogMel.HOP_SAMPLES;
    private static final int PIECE_SAMPLES = PIECE_FRAMES * SAMPLES_PER_FRAME;

    private final WhisperVqConfig config;
    private final Arena arena;
    private final LogMel logMel;
    private final ConvStem stem;
    private final List<EncoderLayer> layers;
    private final Codebook codebook;

    private WhisperVq(WhisperVqConfig config, Checkpoint checkpoint, Kernels kernels, Arena arena) {
        EncoderWeights weights = new EncoderWeights(checkpoint, kernels, arena);
        this.config = config;
        this.arena = arena;
        stem = new ConvStem(config, weights, kernels); // first: holds the config's sizes against the file's
        logMel = new LogMel(config.melBins(), kernels, arena);
        List<EncoderLayer> stack = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) stack.add(new EncoderLayer(config, weights, i, kernels));
        layers = List.copyOf(stack);
        codebook = new Codebook(config, weights, kernels);
    }

    /**
     * Loads the weights (f32, f16 or bf16) into memory of this object. Tensors of training (EMA) and layers behind the
     * quantiser are not touched; names may carry the prefix {@code model.encoder.} of an older layout.
     *
     * @param checkpoint must stay open as long as the tokenizer is in use
     * @throws sparrow.engine.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.engine.weights.BadFileException if a tensor's shape is not the one that the config says
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the tokenizer; close() ends it
    public static WhisperVq load(WhisperVqConfig config, Checkpoint checkpoint, Kernels kernels) {
        Arena arena = Arena.ofShared();
        try {
            return new WhisperVq(config, checkpoint, kernels, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The sizes. */
    public WhisperVqConfig config() {
        return config;
    }

    /**
     * The codes of a sound at any sample rate, each 0 to {@code codes - 1}: one for each 80 ms (at 12.5 codes a second)
     * that has begun, none for no samples. Silence has codes too; whether it is worth any is the caller's decision
     * ({@link Waveform#isSilent}).
     */
    public int[] encode(Waveform waveform) {
        float[] samples = waveform.at(LogMel.SAMPLE_RATE_HZ).samples();
        int[] codes = new int[0];
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            int to = Math.min(samples.length, from + PIECE_SAMPLES);
            int[] piece = encodePiece(samples, from, to);
            int known = codes.length;
            codes = Arrays.copyOf(codes, known + piece.length);
            System.arraycopy(piece, 0, codes, known, piece.length);
        }
        return codes;
    }

    private int[] encodePiece(float[] samples, int from, int to) {
        Piece piece = piece(to - from);
        float[] hidden = stem.second(stem.first(features(samples, from, to), piece.melFrames()), piece.frames());
        EncoderScratch scratch = new EncoderScratch(config, piece);
        for (EncoderLayer layer : layers) layer.run(hidden, piece, scratch);
        float[] pooled = pooled(hidden);
        return codebook.nearest(pooled, piece.codes());
    }

    /** The extent of a piece of so many samples. */
    Piece piece(int samples) {
        int codes = Math.ceilDiv(samples, config.pooledFrames() * SAMPLES_PER_FRAME);
        return new Piece(codes * config.pooledFrames(), Math.ceilDiv(samples, SAMPLES_PER_FRAME), codes);
    }

    /** Log-mel features [mel frames, bins] of a piece, padded with silence to whole codes. */
    float[] features(float[] samples, int from, int to) {
        return logMel.features(samples, from, to, piece(to - from).melFrames());
    }

    /** Means [frames / pooledFrames, width] of consecutive rows. */
    float[] pooled(float[] hidden) {
        int width = config.width();
        int group = config.pooledFrames() * width;
        float[] pooled = new float[hidden.length / config.pooledFrames()];
        for (int i = 0; i < pooled.length; i++) {
            int first = i / width * group + i % width;
            float sum = 0;
            for (int j = first; j < first + group; j += width) sum += hidden[j];
            pooled[i] = sum / config.pooledFrames();
        }
        return pooled;
    }

    ConvStem stem() {
        return stem;
    }

    List<EncoderLayer> layers() {
        return layers;
    }

    Codebook codebook() {
        return codebook;
    }

    /** Frees the weights. */
    @Override
    public void close() {
        arena.close();
    }
}
