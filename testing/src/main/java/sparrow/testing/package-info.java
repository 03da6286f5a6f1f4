/** Test helpers for several modules. Main code does not use them, and they are not published. */
package sparrow.testing;
