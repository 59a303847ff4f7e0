"""The measurements at tiny sizes: that they run, and that what they count follows the laws."""
