package sparrow.speech.hift;

/** Rules that compute a sine's angle from its frequency, which is given for each frame. */
public enum PhaseRule {
    /** Sums cycles sample by sample (SineGen, used by the reference at 22.05 kHz). */
    SAMPLE_BY_SAMPLE {
        @Override
        void angles(float[] frequencies, float start, int samplesPerFrame, float[] angles) {
            // An f32 sum would drift audibly within seconds. Each partial sum is rounded as in the reference.
            double cycles = 0;
            for (int s = 0; s < angles.length; s++) {
                cycles += frequencies[s / samplesPerFrame];
                angles[s] = (float) (2 * Math.PI) * ((float) cycles % 1) + start;
            }
        }
    },

    /**
     * Sums cycles frame by frame (SineGen2, used by the reference at 24 kHz). A sum is the value at the middle of its
     * frame; values between the middles are interpolated linearly. The start phase has no effect because the reference
     * adds it only to the frequency of the first sample, on which no frame's frequency depends.
     */
    FRAME_BY_FRAME {
        @Override
        void angles(float[] frequencies, float start, int samplesPerFrame, float[] angles) {
            double[] cycles = new double[frequencies.length];
            double sum = 0;
            for (int t = 0; t < cycles.length; t++) {
                sum += frequencies[t] % 1;
                cycles[t] = sum * samplesPerFrame;
            }
            for (int s = 0; s < angles.length; s++) {
                double at = Math.max(0, (s + 0.5) / samplesPerFrame - 0.5);
                int left = (int) at;
                int right = Math.min(left + 1, cycles.length - 1);
                double turned = cycles[left] + (at - left) * (cycles[right] - cycles[left]);
                angles[s] = (float) (2 * Math.PI * (turned % 1));
            }
        }
    };

    /**
     * Computes a sine's angle in radians at every sample, within a few turns of 0.
     *
     * @param frequencies frequency in each frame, [frames], cycles per sample
     * @param start angle before the first sample, radians
     * @param angles array that receives the angles, [frames * samplesPerFrame]
     */
    abstract void angles(float[] frequencies, float start, int samplesPerFrame, float[] angles);
}
