package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import sparrow.models.Question;

/** Speech of a user, and the encoded question once the model has listened to it. Belongs to one session. */
@JsonTypeName("input_audio")
public final class Recording implements Content {
    /** The result of encoding a recording. */
    public sealed interface Heard {
        record NotYet() implements Heard {}

        /**
         * The recording contains speech.
         *
         * @param question as it is in prompts
         * @param nanos time that encoding took
         */
        record Something(Question question, long nanos) implements Heard {}

        /**
         * The recording cannot be used.
         *
         * @param why the reason, in one line
         */
        record Nothing(String why) implements Heard {}
    }

    private final double seconds;
    private Heard heard = new Heard.NotYet();
    private String transcript;

    public Recording(double seconds) {
        this.seconds = seconds;
    }

    public double seconds() {
        return seconds;
    }

    /** Returns the time that encoding took; 0 if it is not finished or failed. */
    public long listeningNanos() {
        return heard instanceof Heard.Something something ? something.nanos() : 0;
    }

    /** Returns its transcript; null until it is transcribed, or if the session has no transcription. */
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

    public boolean isPending() {
        return heard instanceof Heard.NotYet;
    }

    public void heard(Heard what) {
        heard = what;
    }
}
