package sparrow.bench.load;

/**
 * The figures of one reply.
 *
 * @param firstAudioMs from the end of the question to the first sound; null if there was none, or the server answered before the end
 * @param firstAudioAfterVadMs the same from where the server noticed the end; null if it was not asked to
 * @param realTimeFactor from the response's creation to its last sound, for a second of sound; null if it was interrupted
 * @param audioSeconds sound that came
 * @param underruns number of times that playback ran dry before the end
 * @param longestGapMs the longest silence within
 * @param interrupted whether the talker interrupted it
 * @param bargeInMs from the interruption (the cancel, or the server's notice of speech) to the last sound that still came, 0 if
 *     none did; null if it was not interrupted, or only after the server had sent all of it
 */
record ReplyMeasure(
        Double firstAudioMs,
        Double firstAudioAfterVadMs,
        Double realTimeFactor,
        double audioSeconds,
        int underruns,
        double longestGapMs,
        boolean interrupted,
        Double bargeInMs) {}
