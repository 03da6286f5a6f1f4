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
 * The speech tokenizer of GLM-4-Voice. It encodes audio to 12.5 codes per second. Two causal convolutions and Whisper
 * encoder layers with block-causal attention process log-mel features. Means of consecutive frames are then quantised
 * to the nearest vector in the codebook. Audio is divided into pieces of 30 s, which are encoded independently.
 *
 * <p>Instances are stateless and safe for use by multiple threads.
 */
public final class WhisperVq implements AutoCloseable {
    /** Number of encoder frames in a full piece: 30 s at 50 Hz. */
    static final int PIECE_FRAMES = 1500;

    private static final String OLD_PREFIX = "model.encoder.";
    private static final int SAMPLES_PER_FRAME = ConvStem.STRIDE * LogMel.HOP_SAMPLES;
    private static final int PIECE_SAMPLES = PIECE_FRAMES * SAMPLES_PER_FRAME;

    /**
     * Lengths of an audio piece.
     *
     * @param frames number of frames at 50 Hz, padded to a multiple of the frames per code
     * @param valid number of frames that begin inside the audio; queries attend only to these frames
     * @param codes number of codes
     */
    record Piece(int frames, int valid, int codes) {
        /** Returns the number of input feature frames, at 100 Hz. */
        int melFrames() {
            return ConvStem.STRIDE * frames;
        }

        /** Returns the numbers of rows that the encoder computes. All rows of the piece are computed. */
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
                reader, prefix, config.shape()); // read first, because reading it checks the sizes in the file
        logMel = new LogMel(config.melBins(), reader.kernels(), arena);
        codebook = new Codebook(reader, prefix, config);
    }

    /**
     * Loads the weights (f32, f16, bf16 or q8_0). Tensors used only in training (EMA) and layers after the quantiser
     * are not read. Names may have the older prefix {@code model.encoder.}.
     *
     * @param checkpoint weights, which must stay open as long as the tokenizer is in use
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public static WhisperVq load(WhisperVqConfig config, Checkpoint checkpoint, Kernels kernels) {
        String prefix = checkpoint.has(OLD_PREFIX + "conv1.weight") ? OLD_PREFIX : "";
        return LayerReader.build((arena, staging) ->
                new WhisperVq(config, new LayerReader(checkpoint, kernels, arena, staging), prefix));
    }

    /**
     * Encodes audio at any sample rate to codes from 0 to {@code codes - 1}. At 12.5 codes per second, there is one
     * code for each 80 ms or part thereof, and none if there are no samples. Silence is also encoded; callers may omit
     * it ({@link Waveform#isSilent}).
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
     * Encodes the complete blocks of unfinished audio. The codes of these blocks will not change, because no frame
     * attends beyond the end of its block. There are two exceptions. Features are clamped at 8 decades below a piece's
     * loudest value, so louder audio later may change the codes of near silence. The window of a block's last frame
     * ends 2.5 ms after the block; here, it reads the mirrored end of the block instead.
     *
     * @param soFar audio received so far, at any sample rate
     * @return the first codes that {@link #encode} would return for the complete audio; may be empty
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

    /** Computes the features of audio at any sample rate, piece by piece, one row [bins] per frame. */
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
     * Computes the quantiser input for a piece, [frames / pooledFrames, width].
     *
     * @param probe probe that receives {@code features} and the activations of {@link WhisperEncoder#run}
     */
    Block pooled(float[] samples, int from, int to, Probe probe) {
        Piece piece = piece(to - from);
        Block features = features(samples, from, to);
        probe.see("features", features);
        return WhisperEncoder.pooled(encoder.run(features, piece.extent(), probe), config.pooledFrames());
    }

    /** Returns the lengths of a piece with the given number of samples. */
    Piece piece(int samples) {
        int codes = Math.ceilDiv(samples, config.pooledFrames() * SAMPLES_PER_FRAME);
        return new Piece(codes * config.pooledFrames(), Math.ceilDiv(samples, SAMPLES_PER_FRAME), codes);
    }

    Codebook codebook() {
        return codebook;
    }

    /** Frees the memory of the packed weights. The tokenizer must not be used afterwards. */
    @Override
    public void close() {
        arena.close();
    }
}
