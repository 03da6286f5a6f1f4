package sparrow.bench.load;

/**
 * The measurements of a reply.
 *
 * @param firstAudioMs time from the end of the question to the first audio; null without audio, or if the server
 *     answered before the end
 * @param firstAudioAfterVadMs time from the server's detection of the end to the first audio; null if the client ends
 *     questions
 * @param realTimeFactor time from the response's creation to its last audio, divided by the length of its audio; null
 *     if it was interrupted
 * @param audioSeconds length of the received audio
 * @param underruns number of times that playback had no audio left before the end
 * @param longestGapMs longest silence of an underrun
 * @param interrupted whether the talker interrupted it
 * @param bargeInMs time from the interruption (the cancel event, or the server's detection of speech) to the last audio
 *     that arrived, or 0 if none did; null if the reply was not interrupted before the server had sent all of it
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
