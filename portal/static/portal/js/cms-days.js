/* The calendar of the CMS turns a day it cannot read into today when one leaves the field. Here
   the field keeps what was typed, and the server says what is wrong with it. */

jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
