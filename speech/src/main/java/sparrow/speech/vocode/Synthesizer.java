package sparrow.speech.vocode;

import java.lang.foreign.Arena;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;

/**
 * Speech codes to a waveform: flow decoder and HiFT vocoder of the GLM-4-Voice family. Owns the memory of its weights;
 * the checkpoints may be closed once it is loaded. Several utterances may be synthesized at the same time.
 */
public final class Synthesizer implements AutoCloseable {
    private final Arena arena;
    private final FlowDecoder flow;
    private final Hift hift;

    private Synthesizer(Arena arena, FlowDecoder flow, Hift hift) {
        this.arena = arena;
        this.flow = flow;
        this.hift = hift;
    }

    /**
     * Loads and packs the weights.
     *
     * @throws sparrow.engine.weights.MissingTensorException if a tensor is missing
     * @throws BadFileException if a tensor has another shape than the configuration asks for
     * @throws IllegalArgumentException if the two configurations do not fit together
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the synthesizer; close() ends it
    public static Synthesizer load(
            FlowConfig flowConfig, Checkpoint flow, HiftConfig hiftConfig, Checkpoint hift, Kernels kernels) {
        if (flowConfig.melBins() != hiftConfig.melBins()) {
            throw new IllegalArgumentException("hift.in_channels: expected flow.output_size " + flowConfig.melBins()
                    + ", got " + hiftConfig.melBins());
        }
        Arena arena = Arena.ofShared();
        try (Arena staging = Arena.ofShared()) {
            FlowDecoder decoder = new FlowDecoder(new LayerReader(flow, kernels, arena, staging), flowConfig);
            Hift vocoder = new Hift(new LayerReader(hift, kernels, arena, staging), hiftConfig);
            return new Synthesizer(arena, decoder, vocoder);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Samples a second of the speech. */
    public int sampleRateHz() {
        return hift.config().sampleRateHz();
    }

    /** Codes are 0 to this, exclusive. */
    public int vocabulary() {
        return flow.config().vocabulary();
    }

    /** Mel frames for so many codes. */
    public int frames(int codes) {
        double samples = (double) codes * sampleRateHz();
        return (int) (samples / (flow.config().codesPerSecond() * samplesPerFrame()));
    }

    /** Samples for so many codes: 256 * floor(441 n / 64) for GLM-4-Voice. */
    public int samples(int codes) {
        return Math.multiplyExact(frames(codes), samplesPerFrame());
    }

    /**
     * A whole utterance.
     *
     * @param codes speech codes, each below {@link #vocabulary()}
     * @return mono samples within [-1, 1], as many as {@link #samples} says
     * @throws IllegalArgumentException if a code is out of range
     */
    public float[] synthesize(int[] codes, Noise noise) {
        return stream(noise).accept(codes, true);
    }

    /** An utterance whose codes arrive block by block. */
    public StreamingSynthesizer stream(Noise noise) {
        return new StreamingSynthesizer(this, noise, StreamingSynthesizer.Joints.SEAMLESS);
    }

    /** Only the first half: codes to mel frames, natural logarithm of amplitude, [frames, melBins]. */
    public float[] mel(int[] codes, Noise noise) {
        return flow.mel(codes, new float[0], speaker(), noise.flow(frames(codes.length), melBins()));
    }

    /** Only the second half: mel [frames, melBins] to samples. */
    public float[] vocode(float[] mel, Noise noise) {
        Block frames = block(mel);
        int harmonics = hift.source().config().harmonics();
        float[] excitation = excitation(hift.f0(frames), noise.phases(harmonics), noise);
        return hift.speech(frames, excitation, Probe.NONE);
    }

    /** The second half with a given excitation [frames * samples per frame] instead of the predicted one. */
    public float[] vocode(float[] mel, float[] excitation) {
        Block frames = block(mel);
        if (excitation.length != frames.rows() * samplesPerFrame()) {
            throw new IllegalArgumentException(
                    "excitation: expected " + frames.rows() * samplesPerFrame() + " samples, got " + excitation.length);
        }
        return hift.speech(frames, excitation, Probe.NONE);
    }

    /** Frees the weights; no synthesis may be running. */
    @Override
    public void close() {
        arena.close();
    }

    float[] excitation(float[] f0, float[] phases, Noise noise) {
        HarmonicSource source = hift.source();
        int samples = f0.length * samplesPerFrame();
        return source.merge(source.waves(f0, phases, noise.source(samples, phases.length)));
    }

    FlowDecoder flow() {
        return flow;
    }

    Hift hift() {
        return hift;
    }

    int melBins() {
        return flow.config().melBins();
    }

    int samplesPerFrame() {
        return hift.config().samplesPerFrame();
    }

    /** No speaker: GLM-4-Voice has one voice and gives zeros. */
    float[] speaker() {
        return new float[flow.config().speakerWidth()];
    }

    Block block(float[] mel) {
        if (mel.length == 0 || mel.length % melBins() != 0) {
            throw new IllegalArgumentException(
                    "mel: expected one or more frames of " + melBins() + " bins, got " + mel.length + " values");
        }
        return Block.of(mel, mel.length / melBins(), melBins());
    }
}
