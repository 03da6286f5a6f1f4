package sparrow.speech.encode;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.speech.spectrum.LogMel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The speech tokenizer of GLM-4-Voice. It encodes sound to codes of a codebook, 12.5 per second. Log-mel features go
 * through two causal convolutions and some Whisper encoder layers with block-causal attention; the means of consecutive
 * frames are quantised to the nearest vector of the codebook. Sound is divided into pieces of 30 s, which are encoded
 * independently.
 *
 * <p>Stateless; safe for several threads.
 */
public final class WhisperVq implements AutoCloseable {
    /** Number of encoder frames of a full piece: 30 s at 50 Hz. */
    static final int PIECE_FRAMES = 1500;

    private static final String OLD_PREFIX = "model.encoder.";
    private static final int SAMPLES_PER_FRAME = ConvStem.STRIDE * LogMel.HOP_SAMPLES;
    private static final int PIECE_SAMPLES = PIECE_FRAMES * SAMPLES_PER_FRAME;

    /**
     * The lengths of a piece of sound.
     *
     * @param frames number of frames at 50 Hz, padded to whole codes
     * @param valid number of frames that begin inside the sound; only these are attended to
     * @param codes number of codes
     */
    record Piece(int frames, int valid, int codes) {
        /** Number of frames of the input features, at 100 Hz. */
        int melFrames() {
            return ConvStem.STRIDE * frames;
        }

        /** The rows that the encoder computes, which are all rows. */
        WhisperEncoder.Extent extent() {
            return new WhisperEncoder.Extent(melFrames(), frames, valid);
        }
    }

    private final WhisperVqConfig config;
    private final Arena arena;
    private final LogMel logMel;
    private final WhisperEncoder encoder;
    private final Codebook codebook;

    private WhisperVq(WhisperVqConfig config, LayerReader reader, String prefix) {
        this.config = config;
        arena = reader.arena();
        encoder = new WhisperEncoder(
                reader, prefix, config.shape()); // first, because it checks the sizes against the file
        logMel = new LogMel(config.melBins(), reader.kernels(), arena);
        codebook = new Codebook(reader, prefix, config);
    }

    /**
     * Loads the weights (f32, f16, bf16 or q8_0). Tensors that are used only in training (EMA), and layers after the
     * quantiser, are not read. Names may have the prefix {@code model.encoder.} of an older layout.
     *
     * @param checkpoint weights; must stay open as long as the tokenizer is in use
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if the shape of a tensor does not agree with the configuration
     */
    public static WhisperVq load(WhisperVqConfig config, Checkpoint checkpoint, Kernels kernels) {
        String prefix = checkpoint.has(OLD_PREFIX + "conv1.weight") ? OLD_PREFIX : "";
        return LayerReader.build((arena, staging) ->
                new WhisperVq(config, new LayerReader(checkpoint, kernels, arena, staging), prefix));
    }

    /**
     * Encodes sound at any sample rate to codes, each 0 to {@code codes - 1}: one for each 80 ms that has begun (at
     * 12.5 codes per second), none for no samples. Silence is encoded too; callers may drop it
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

    /**
     * Encodes the part of an unfinished sound whose codes will not change: its complete blocks, because no frame
     * attends beyond the end of its block. There are two exceptions. Features are clamped at 8 decades below the
     * loudest value of a piece, so louder sound later may change the codes of near silence. The window of the last
     * frame of a block ends 2.5 ms after the block; here it reads the mirrored end of the block instead.
     *
     * @param soFar sound at any sample rate
     * @return the first codes of {@link #encode} for the whole sound; may be empty
     */
    public int[] encodeStablePrefix(Waveform soFar) {
        Waveform sound = soFar.at(LogMel.SAMPLE_RATE_HZ);
        int frames = sound.samples().length / SAMPLES_PER_FRAME;
        int inPiece = frames % PIECE_FRAMES;
        int stable = frames - inPiece % config.blockFrames();
        int[] codes =
                encode(new Waveform(Arrays.copyOf(sound.samples(), stable * SAMPLES_PER_FRAME), LogMel.SAMPLE_RATE_HZ));
        // A code that extends beyond the end of a block is not stable.
        return Arrays.copyOf(codes, stable / config.pooledFrames());
    }

    /** Computes the features of sound at any sample rate, piece by piece, one row [bins] for each frame. */
    public List<float[]> features(Waveform waveform) {
        float[] samples = waveform.at(LogMel.SAMPLE_RATE_HZ).samples();
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            rows.addAll(features(samples, from, Math.min(samples.length, from + PIECE_SAMPLES))
                    .copyRows());
        }
        return rows;
    }

    private Block features(float[] samples, int from, int to) {
        int frames = piece(to - from).melFrames();
        return Block.of(logMel.features(samples, from, to, frames), frames, config.melBins());
    }

    private int[] encodePiece(float[] samples, int from, int to) {
        Block pooled = pooled(samples, from, to, Probe.NONE);
        return codebook.nearest(pooled, piece(to - from).codes());
    }

    /**
     * Computes the input of the quantiser for a piece, [frames / pooledFrames, width].
     *
     * @param probe sees {@code features} and the activations of {@link WhisperEncoder#run}
     */
    Block pooled(float[] samples, int from, int to, Probe probe) {
        Piece piece = piece(to - from);
        Block features = features(samples, from, to);
        probe.see("features", features);
        return WhisperEncoder.pooled(encoder.run(features, piece.extent(), probe), config.pooledFrames());
    }

    /** The lengths of a piece with this number of samples. */
    Piece piece(int samples) {
        int codes = Math.ceilDiv(samples, config.pooledFrames() * SAMPLES_PER_FRAME);
        return new Piece(codes * config.pooledFrames(), Math.ceilDiv(samples, SAMPLES_PER_FRAME), codes);
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
