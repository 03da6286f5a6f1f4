package sparrow.speech.hift;

/** Rules that compute the angle of a sine from its frequency, which is given frame by frame. */
public enum PhaseRule {
    /** Sums cycles sample by sample (SineGen, which the reference uses at 22.05 kHz). */
    SAMPLE_BY_SAMPLE {
        @Override
        void angles(float[] frequencies, float start, int samplesPerFrame, float[] angles) {
            // A sum in f32 would drift audibly within seconds. Each partial sum is rounded as in the reference.
            double cycles = 0;
            for (int s = 0; s < angles.length; s++) {
                cycles += frequencies[s / samplesPerFrame];
                angles[s] = (float) (2 * Math.PI) * ((float) cycles % 1) + start;
            }
        }
    },

    /**
     * Sums cycles frame by frame. A sum is the value at the middle of its frame; between the middles, values are
     * interpolated linearly (SineGen2, which the reference uses at 24 kHz). The start has no effect: the reference adds
     * it only to the frequency of the first sample, which the frequency of a frame does not depend on.
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
     * Computes the angle of a sine at every sample, in radians, within a few turns of 0.
     *
     * @param frequencies [frames], cycles per sample
     * @param start angle before the first sample, radians
     * @param angles receives [frames * samplesPerFrame]
     */
    abstract void angles(float[] frequencies, float start, int samplesPerFrame, float[] angles);
}
