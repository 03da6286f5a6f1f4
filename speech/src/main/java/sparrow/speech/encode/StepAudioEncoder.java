package sparrow.speech.encode;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.spectrum.LogMel;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The audio encoder of Step-Audio-2. It encodes audio pieces to 12.5 rows per second, which replace embeddings in the
 * prompt. A Whisper encoder with full attention processes log-mel features, pairs of its output rows are averaged, and
 * an adaptor projects them to the width of the language model (official module {@code modeling_step_audio_2}:
 * {@code StepAudioEncoder}, {@code Adaptor}).
 *
 * <p>Instances are stateless and safe for use by multiple threads.
 */
public final class StepAudioEncoder implements AutoCloseable {
    private static final String NAME = "encoder.";

    private final AudioEncoderConfig config;
    private final Arena arena;
    private final LogMel logMel;
    private final WhisperEncoder encoder;
    private final Norm afterNorm;
    private final Adaptor adaptor;

    private StepAudioEncoder(AudioEncoderConfig config, LayerReader reader) {
        this.config = config;
        arena = reader.arena();
        encoder = new WhisperEncoder(
                reader, NAME, config.shape()); // read first, because reading it checks the sizes in the file
        afterNorm = reader.norm(NAME + "after_norm", config.width());
        adaptor = new Adaptor(reader, config);
        logMel = new LogMel(config.melBins(), reader.kernels(), arena);
    }

    /**
     * Loads the tensors {@code encoder.…} and {@code adapter.…} from a language model checkpoint (f32, f16, bf16 or
     * q8_0). The large matrices, 1.2 GB in the released model, stay in the checkpoint's memory, except that quantised
     * matrices are packed.
     *
     * @param checkpoint weights, which must stay open as long as the encoder is in use
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public static StepAudioEncoder load(AudioEncoderConfig config, Checkpoint checkpoint, Kernels kernels) {
        return LayerReader.build((arena, staging) ->
                new StepAudioEncoder(config, new LayerReader(checkpoint, kernels, arena, staging).inPlace()));
    }

    /**
     * Encodes all pieces of one prompt, each to [patches, outputWidth]. As in the official code, which runs all pieces
     * as one padded batch, the rows of a piece depend slightly on the length of the longest piece.
     *
     * @param pieces samples at 16 kHz, divided by {@link AudioPieces}
     * @throws IllegalArgumentException if a piece has more frames than the encoder has positions
     */
    public List<float[]> encode(List<float[]> pieces) {
        int batchFrames = 0;
        for (float[] samples : pieces) batchFrames = Math.max(batchFrames, melFrames(samples));
        List<float[]> rows = new ArrayList<>();
        for (float[] samples : pieces) rows.add(encode(samples, batchFrames, Probe.NONE));
        return rows;
    }

    private int melFrames(float[] samples) {
        int frames = AudioPieces.melFrames(samples.length);
        if (frames > ConvStem.STRIDE * config.maxPositions()) {
            throw new IllegalArgumentException("audio piece: expected at most " + ConvStem.STRIDE
                    + " * n_audio_ctx = " + ConvStem.STRIDE * config.maxPositions() + " log-mel frames, got " + frames
                    + " (" + samples.length + " samples)");
        }
        return frames;
    }

    /**
     * Encodes a piece of a batch whose longest piece has {@code batchFrames} mel frames.
     *
     * @param probe probe that receives the activations of {@link WhisperEncoder#run} and {@code encoder_out}
     */
    float[] encode(float[] samples, int batchFrames, Probe probe) {
        BatchedPiece piece = new BatchedPiece(AudioPieces.melFrames(samples.length), batchFrames);
        if (piece.patches() == 0) return new float[0];
        WhisperEncoder.Extent extent = piece.extent();
        Block hidden = encoder.run(padded(features(samples), extent.stemFrames()), extent, probe);
        Block pooled = afterNorm.layers(WhisperEncoder.pooled(hidden, BatchedPiece.POOLED_FRAMES));
        probe.see("encoder_out", pooled);
        return adaptor.patches(pooled, piece.patches()).data();
    }

    /**
     * Computes the log-mel features of all pieces, one row [bins] per frame.
     *
     * @param pieces samples at 16 kHz, divided by {@link AudioPieces}
     */
    public List<float[]> features(List<float[]> pieces) {
        return pieces.stream()
                .flatMap(piece -> features(piece).copyRows().stream())
                .toList();
    }

    /** Computes the log-mel features of a piece, [mel frames, bins]. */
    Block features(float[] samples) {
        int frames = AudioPieces.melFrames(samples.length);
        return Block.of(logMel.features(samples, 0, samples.length, frames), frames, config.melBins());
    }

    /** Appends rows of zeros up to a minimum number of rows. These zeros are not the features of silence. */
    private static Block padded(Block features, int minRows) {
        int rows = Math.max(features.rows(), minRows);
        return Block.of(Arrays.copyOf(features.data(), rows * features.columns()), rows, features.columns());
    }

    /** Frees the memory of the packed weights. The encoder must not be used afterwards. */
    @Override
    public void close() {
        arena.close();
    }
}
