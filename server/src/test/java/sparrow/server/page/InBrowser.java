package sparrow.server.page;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A test that needs Chromium and Node on the machine; skipped unless it is asked for. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("browser")
@EnabledIfSystemProperty(
        named = "sparrow.browser",
        matches = "true",
        disabledReason = "needs Chromium and Node: ./sparrow test -Pbrowser")
public @interface InBrowser {}
