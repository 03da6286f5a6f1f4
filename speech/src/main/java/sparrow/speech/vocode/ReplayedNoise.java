package sparrow.speech.vocode;

/** Numbers given from outside; the sizes that are asked for must be theirs. */
record ReplayedNoise(float[] flow, float[] phases, float[] source) implements Noise {
    @Override
    public float[] flow(int frames, int melBins) {
        return checked("flow noise", flow, Math.multiplyExact(frames, melBins));
    }

    @Override
    public float[] phases(int harmonics) {
        return checked("phases", phases, harmonics);
    }

    @Override
    public float[] source(int samples, int harmonics) {
        int size = Math.multiplyExact(samples, harmonics);
        return source.length == 0 ? new float[size] : checked("source noise", source, size);
    }

    private static float[] checked(String what, float[] values, int size) {
        if (values.length != size) {
            throw new IllegalArgumentException(what + ": expected " + size + " values, got " + values.length);
        }
        return values.clone();
    }
}
