package sparrow.bench.load;

/**
 * The measurements of a reply.
 *
 * @param firstAudioMs time from the end of the question to the first audio, or null if there was no audio or the server
 *     answered before the end
 * @param firstAudioAfterVadMs time from the server's detection of the end to the first audio, or null if the client
 *     ends questions
 * @param realTimeFactor time from the response's creation to its last audio, divided by the length of its audio, or
 *     null if the reply was interrupted
 * @param audioSeconds length of the received audio
 * @param underruns number of times that playback ran dry before the end
 * @param longestGapMs longest silence due to an underrun
 * @param interrupted whether the talker interrupted the reply
 * @param bargeInMs time from the interruption (the cancel event, or the server's detection of speech) to the last
 *     received audio, or 0 if no audio was received; null if the server had sent the entire reply before, or the reply
 *     was not interrupted
 */
public record ReplyMeasure(
        Double firstAudioMs,
        Double firstAudioAfterVadMs,
        Double realTimeFactor,
        double audioSeconds,
        int underruns,
        double longestGapMs,
        boolean interrupted,
        Double bargeInMs) {}
