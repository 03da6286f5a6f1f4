package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.function.Consumer;
import sparrow.speech.hift.HarmonicSource;

/**
 * An utterance of {@link GlmVocoder} whose codes arrive block by block. For every block, the flow processes all codes
 * received so far, or the codes in its context, conditioned on the frames that have already been vocoded. The newest
 * frames are held back, because later codes change them, and are cross-faded with their next version. The last frame
 * and its excitation are vocoded twice to give the vocoder context at the joint between two blocks.
 *
 * <p>For any block boundaries, all blocks together have as many samples as one synthesis of the entire utterance; a
 * single block equals that synthesis. The speech differs slightly around joints because the flow had fewer codes there.
 */
final class AudioDecoderStream implements SpeechStream {
    /** Number of codes whose frames are held back (0.4 s). */
    private static final int HELD_BACK_CODES = 5;

    /** Rules for joining blocks. */
    enum Joints {
        /** No frame is lost, levels are constant during a fade, and the excitation's sines continue. */
        SEAMLESS,
        /**
         * Joints as in the published demo. The frame that is vocoded twice is also passed to the flow twice, so a frame
         * is lost at each joint; the two weights of a fade add up to about 1.08; and every block starts new sines.
         */
        AS_PUBLISHED
    }

    private final GlmVocoder parts;
    private final Vocoder vocoder;
    private final Noise noise;
    private final Joints joints;
    private final Consumer<Synthesizer.Stage> entered;
    private final int bins;
    /** All codes received so far, or the codes in the context of the next block. */
    private int[] codes = {};

    /** Number of codes removed before {@link #codes}, a multiple of the block size of the flow's encoder. */
    private int forgotten;

    /** The newest vocoded frames, or all vocoded frames. */
    private float[] given = {};

    /** Number of frames that have been vocoded. */
    private int givenFrames;

    private float[] heldBack = {};
    private float[] lastFrame = {};
    private float[] lastExcitation = {};
    private float[] phases = {};
    private float[] vocodedMel = {};
    private boolean ended;

    AudioDecoderStream(GlmVocoder parts, Noise noise, Joints joints, Consumer<Synthesizer.Stage> entered) {
        this.parts = parts;
        this.entered = entered;
        this.vocoder = parts.vocoder();
        this.noise = noise;
        this.joints = joints;
        this.bins = vocoder.melBins();
    }

    @Override
    public float[] accept(int[] block, boolean last) {
        if (ended) throw new IllegalStateException("the utterance has ended: expected no more codes");
        parts.flow().check(block);
        ended = last;
        float[] mel = block.length == 0 ? heldBack : continued(block);
        int keep = last ? 0 : Math.min(mel.length, parts.frames(HELD_BACK_CODES) * bins);
        heldBack = Pieces.tail(mel, keep);
        float[] ready = Arrays.copyOf(mel, mel.length - keep);
        return ready.length == 0 ? ready : vocoded(ready, last);
    }

    /** Computes the mel frames after the given frames, cross-faded with the held-back frames. */
    private float[] continued(int[] block) {
        entered.accept(Synthesizer.Stage.FLOW);
        forget();
        int before = codes.length;
        codes = Arrays.copyOf(codes, before + block.length);
        System.arraycopy(block, 0, codes, before, block.length);
        int allFrames = parts.frames(forgotten + codes.length);
        int frames = parts.frames(codes.length);
        // Frames may shift by up to one frame because the number of frames per code is not an integer.
        float[] start = Pieces.tail(noise.flow(allFrames, bins), frames * bins);
        float[] known = Pieces.tail(given, (frames - (allFrames - givenFrames)) * bins);
        float[] mel = parts.mel(codes, known, start);
        fade(mel);
        return mel;
    }

    /** Removes the codes and frames that precede the context of the next block. */
    private void forget() {
        int tooMany = Math.max(0, codes.length - parts.contextCodes()) / parts.encoderBlock() * parts.encoderBlock();
        codes = Arrays.copyOfRange(codes, tooMany, codes.length);
        forgotten += tooMany;
        if (forgotten > 0) given = Pieces.tail(given, Math.min(given.length, parts.frames(codes.length) * bins));
    }

    /** Cross-fades from the held-back frames to the new frames with the halves of a Hamming window. */
    private void fade(float[] mel) {
        int frames = heldBack.length / bins;
        float[] window = Pieces.hamming(2 * frames);
        for (int t = 0; t < frames; t++) {
            float in = window[t];
            float out = window[frames + t];
            if (joints == Joints.SEAMLESS) {
                float sum = in + out;
                in /= sum;
                out /= sum;
            }
            for (int i = t * bins; i < (t + 1) * bins; i++) mel[i] = mel[i] * in + heldBack[i] * out;
        }
    }

    private float[] vocoded(float[] ready, boolean last) {
        entered.accept(Synthesizer.Stage.VOCODER);
        float[] mel = Pieces.joined(lastFrame, ready);
        vocodedMel = mel;
        float[] toGive = joints == Joints.SEAMLESS ? ready : mel;
        given = Pieces.joined(given, toGive);
        givenFrames += toGive.length / bins;
        float[] excitation = excitation(vocoder.hift().f0(vocoder.frames(mel)));
        System.arraycopy(lastExcitation, 0, excitation, 0, lastExcitation.length);
        float[] speech = vocoder.speech(mel, excitation);
        if (last) return speech;
        int again = vocoder.samplesPerFrame();
        lastFrame = Pieces.tail(mel, bins);
        lastExcitation = Pieces.tail(excitation, again);
        return Arrays.copyOf(speech, speech.length - again);
    }

    /** Returns the frames of the newest samples, [frames, melBins]. This method is intended for tests. */
    float[] vocodedMel() {
        return vocodedMel;
    }

    /** Returns the number of codes with which the newest block was computed. This method is intended for tests. */
    int rememberedCodes() {
        return codes.length;
    }

    /**
     * Returns the number of frames that were passed to the newest block or computed by it. This method is intended for
     * tests.
     */
    int rememberedFrames() {
        return given.length / bins;
    }

    private float[] excitation(float[] f0) {
        HarmonicSource source = vocoder.hift().source();
        if (phases.length == 0 || joints == Joints.AS_PUBLISHED) {
            phases = noise.phases(source.config().harmonics());
        } else {
            // The stored phases follow the frame that is vocoded again; return to the beginning of this frame.
            phases = source.advance(phases, -source.cycles(f0, 0, 1));
        }
        float[] excitation = vocoder.excitation(f0, phases, noise);
        phases = source.advance(phases, source.cycles(f0, 0, f0.length));
        return excitation;
    }
}
