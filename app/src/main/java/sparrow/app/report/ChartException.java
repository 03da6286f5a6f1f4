package sparrow.app.report;

import java.io.IOException;

/** Thrown if this JVM cannot draw. The message names the missing part. */
public final class ChartException extends IOException {
    private static final long serialVersionUID = 1;

    ChartException(Throwable cause) {
        super(
                "plot: this Java cannot draw (" + cause.getMessage()
                        + "); install fonts (Debian, Ubuntu: fontconfig and fonts-dejavu-core)",
                cause);
    }
}
