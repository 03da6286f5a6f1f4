/** Helpers of the tests of several modules. No main code uses them, and they are not published. */
package sparrow.testing;
