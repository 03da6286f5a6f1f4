package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import sparrow.models.Question;

/** A user's speech, and the encoded question once encoding has finished. Belongs to one session. */
@JsonTypeName("input_audio")
public final class Recording implements Content {
    /** The result of encoding a recording. */
    public sealed interface Heard {
        record NotYet() implements Heard {}

        /**
         * The recording contains speech.
         *
         * @param question the question for the prompt
         * @param nanos the time that encoding took
         */
        record Something(Question question, long nanos) implements Heard {}

        /** The recording cannot be used, for the given reason. */
        record Nothing(String why) implements Heard {}
    }

    private final double seconds;
    private long bytes;
    private Heard heard = new Heard.NotYet();
    private String transcript;

    /** @param bytes an estimate of the memory of the encoded question, in bytes */
    public Recording(double seconds, long bytes) {
        this.seconds = seconds;
        this.bytes = bytes;
    }

    /** Returns an estimate of the memory of the encoded question, in bytes. */
    long bytes() {
        return bytes;
    }

    public double seconds() {
        return seconds;
    }

    /** Returns the time that encoding took, or 0 if encoding failed or has not finished. */
    public long listeningNanos() {
        return heard instanceof Heard.Something something ? something.nanos() : 0;
    }

    /** Returns the transcript, or null if it is not complete or the session has no transcription. */
    @JsonProperty
    String transcript() {
        return transcript;
    }

    public void transcribed(String text) {
        transcript = text;
    }

    public Heard heard() {
        return heard;
    }

    @JsonIgnore
    public boolean isPending() {
        return heard instanceof Heard.NotYet;
    }

    public void heard(Heard what) {
        heard = what;
    }

    /** Releases the encoded question, which no later prompt contains. */
    public void forget() {
        heard = new Heard.Nothing("no longer in the context");
        bytes = 0;
    }
}
