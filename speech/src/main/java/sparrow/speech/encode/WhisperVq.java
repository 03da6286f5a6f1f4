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
 * GLM-4-Voice's speech tokenizer: sound to codes of a codebook, 12.5 a second. Log-mel features go through two causal
 * convolutions and some Whisper encoder layers with block-causal attention; means of consecutive frames are replaced by
 * the nearest vector of the codebook. Sound is cut into pieces of 30 s, each encoded alone.
 *
 * <p>Encoding keeps no state between calls, and any number of threads may encode at the same time.
 */
public final class WhisperVq implements AutoCloseable {
    /** Encoder frames of a whole piece: 30 s at 50 Hz. */
    static final int PIECE_FRAMES = 1500;

    private static final String OLD_PREFIX = "model.encoder.";
    private static final int SAMPLES_PER_FRAME = ConvStem.STRIDE * LogMel.HOP_SAMPLES;
    private static final int PIECE_SAMPLES = PIECE_FRAMES * SAMPLES_PER_FRAME;

    /**
     * Lengths of a piece of sound.
     *
     * @param frames at 50 Hz, padded to whole codes
     * @param valid frames that begin inside the sound; only these are attended to
     * @param codes of the piece
     */
    record Piece(int frames, int valid, int codes) {
        /** Frames of the input features, at 100 Hz. */
        int melFrames() {
            return ConvStem.STRIDE * frames;
        }

        /** The rows that the encoder computes: all of them. */
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
        encoder = new WhisperEncoder(reader, prefix, config.shape()); // first: holds the sizes against the file's
        logMel = new LogMel(config.melBins(), reader.kernels(), arena);
        codebook = new Codebook(reader, prefix, config);
    }

    /**
     * Loads the weights (f32, f16, bf16 or q8_0) into memory of this object. Tensors of training (EMA) and layers behind
     * the quantiser are not read. Names may carry the prefix {@code model.encoder.} of an older layout.
     *
     * @param checkpoint must stay open as long as the tokenizer is in use
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.weights.BadFileException if a tensor's shape is not the one that the config says
     */
    public static WhisperVq load(WhisperVqConfig config, Checkpoint checkpoint, Kernels kernels) {
        String prefix = checkpoint.has(OLD_PREFIX + "conv1.weight") ? OLD_PREFIX : "";
        return LayerReader.build((arena, staging) ->
                new WhisperVq(config, new LayerReader(checkpoint, kernels, arena, staging), prefix));
    }

    /**
     * The codes of a sound at any sample rate, each 0 to {@code codes - 1}: one for each 80 ms (at 12.5 codes a second)
     * that has begun, none for no samples. Silence has codes too; a caller may drop it ({@link Waveform#isSilent}).
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
     * The codes of an unfinished sound that later sound does not change: those of its whole blocks, because no frame of a
     * block attends beyond the end of the block. There are two exceptions. Features are clamped at 8 decades below the
     * loudest value of a piece, so louder sound later may change codes of near silence. And the window of a block's last
     * frame ends 2.5 ms behind the block; here it sees the block's end mirrored instead.
     *
     * @param soFar at any sample rate
     * @return the first codes of {@link #encode} for the whole sound; maybe none
     */
    public int[] encodeStablePrefix(Waveform soFar) {
        Waveform sound = soFar.at(LogMel.SAMPLE_RATE_HZ);
        int frames = sound.samples().length / SAMPLES_PER_FRAME;
        int inPiece = frames % PIECE_FRAMES;
        int stable = frames - inPiece % config.blockFrames();
        int[] codes =
                encode(new Waveform(Arrays.copyOf(sound.samples(), stable * SAMPLES_PER_FRAME), LogMel.SAMPLE_RATE_HZ));
        // A code that the end of a block cuts in two is not stable.
        return Arrays.copyOf(codes, stable / config.pooledFrames());
    }

    /** The features of a sound at any sample rate, those of its pieces one after the other, for each frame [bins]. */
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
     * The quantiser's input for a piece, [frames / pooledFrames, width].
     *
     * @param probe sees {@code features} and the activations of {@link WhisperEncoder#run}
     */
    Block pooled(float[] samples, int from, int to, Probe probe) {
        Piece piece = piece(to - from);
        Block features = features(samples, from, to);
        probe.see("features", features);
        return WhisperEncoder.pooled(encoder.run(features, piece.extent(), probe), config.pooledFrames());
    }

    /** The extent of a piece of so many samples. */
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
